import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { registerShopDevice } from '../api/people.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Mark } from '../ui/mark.tsx'
import { Trouble } from '../ui/state.tsx'

/** Where a shop-device link leads: makes this browser a device of that shop. */
export function ShopDevice() {
  const { say } = useLanguage()
  const [token] = useState(() => window.location.hash.slice(1))
  const register = useMutation({ mutationFn: () => registerShopDevice(token) })
  return (
    <main className="entrance stack wide">
      <h1 className="line">
        <Mark /> {say('shopDevice.title')}
      </h1>
      <section className="card stack">
        {register.data ? (
          <>
            <p className="proven" role="status">
              {say('shopDevice.done', { shop: register.data.shop })}
            </p>
            <Link to="/sign-in">{say('sign.title')}</Link>
          </>
        ) : (
          <>
            <p className="small">{say('shopDevice.lead')}</p>
            <Act tone="main" busy={register.isPending} onClick={() => register.mutate()}>
              {say('shopDevice.act')}
            </Act>
          </>
        )}
        {register.isError ? <Trouble error={register.error} /> : null}
      </section>
    </main>
  )
}
